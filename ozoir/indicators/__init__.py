"""A question becomes a Result: comparison, trend, uncertainty, masking — here and nowhere else."""
