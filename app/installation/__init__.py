"""A whole installation as a folder of files, written by `export` and read by `import all`."""
