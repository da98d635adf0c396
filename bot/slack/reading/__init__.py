"""What a question brings with it, read when its turn comes: files, voice clips, earlier talk."""
