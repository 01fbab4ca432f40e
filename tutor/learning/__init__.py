"""How it is learned: verdicts, quizzes, predictions, hints. Pure: values in, values out."""
