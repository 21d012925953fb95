"""What the scenarios stand on; see ../README.md."""
