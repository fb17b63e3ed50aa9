"""Files taken in by people in the product: looked at first, then imported whole or not at all."""
