"""Facts assumed and laid on top of the recorded ones, never stored; and the Lexington record."""
