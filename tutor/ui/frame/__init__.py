"""What stands around the content: header, tabs, key bar, the editor, and the message when there is no room."""
