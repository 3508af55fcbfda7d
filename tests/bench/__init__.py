"""What speed is measured on."""
