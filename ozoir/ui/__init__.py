"""What pages are made of: the frame, the filters, the blocks, the words."""
