"""Pictures of the real screens, and the cells they are made of."""
