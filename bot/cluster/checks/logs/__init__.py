"""What logs complain about, compared with what the cluster knows. Pure; no line is obeyed."""
