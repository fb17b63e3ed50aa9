"""Reading and writing csv, xlsx and toml files, with every fault named by row and column. Pure."""
