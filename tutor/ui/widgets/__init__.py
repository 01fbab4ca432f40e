"""What stands inside the panes of a screen: the page, output, plot and checks."""
