"""What is said: messages, problems, findings, translations, Markdown and colours. Nothing here knows the data."""
