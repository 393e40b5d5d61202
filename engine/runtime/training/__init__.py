"""Training: small data made here, networks trained for real, and what is seen on the way."""
