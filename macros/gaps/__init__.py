"""What is wrong or not done, and what to do next. What can't be read at all is `handbook/load.py`'s."""
