"""A whole installation as a folder of files: out with `export`, in with `import all`."""
