"""From a Result to a figure: nothing here knows the base, and no masked value can arrive."""
