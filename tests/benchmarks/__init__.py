"""Speed and memory, measured against floors and peers in the same run (`make bench`)."""
