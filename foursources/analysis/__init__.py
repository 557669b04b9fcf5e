"""Methods of the field as small pure functions on texts and frames; nothing here reads a file or draws a chart."""
