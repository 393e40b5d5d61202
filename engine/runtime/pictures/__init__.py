"""Pictures: curves, bars, heat maps and sliding windows, as plain values that a surface draws."""
