"""What there is: one frozen class per kind and the values that they are made of; nothing that reads or shows them.

A file's kind is its folder, its id is its file name and its team is the team folder that it stands in, so none of the
three is a key of the file.
"""
