"""The author's preview: a lesson as learners see it, while its file is being written."""
