"""A script a format."""
