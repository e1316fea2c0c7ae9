"""What the pages of the desk show, prepared so that templates decide nothing."""
