"""Who is asking, with which roles, and what they may do. Knows nothing of the other rooms."""
