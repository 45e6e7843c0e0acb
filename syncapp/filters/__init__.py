"""What lists are narrowed by: values in one file, their SQL in others."""
