"""The next nine: what was not approved unedited, grouped by cause, with what would mend each and whether it did.

`causes` says in plain code what the one cause of a miss is, `misses` keeps the rows, `themes` groups by words what has no telling cause,
`groups` sizes the causes of a period, `suggestions` says what would mend one, `seeds` fills its editor in, `remedies` notes what was done,
`effects` compares before and after.
"""
