"""From the bytes of a file that a site offers to its text. Pure functions; `apart` runs them where hostile bytes can do no harm."""
