"""What screens are set with: each widget lays out plain data as lines of cells."""
