"""What an installation can set, and the defaults that come with the product."""
