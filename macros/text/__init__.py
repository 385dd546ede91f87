"""What is said: messages, problems, findings, Markdown and colours. Nothing here knows the data."""
