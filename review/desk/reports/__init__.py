"""The report as people read it: words for its figures, its charts, its tables, and the mails behind each number."""
