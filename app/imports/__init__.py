"""Files that people import on the pages: previewed first, then imported whole or not at all."""
