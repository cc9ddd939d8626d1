; A string that begins like a query is a query. One pattern gives one region per literal: the first content
; node is tested, every content node is taken, the bars are stepped over.

((string
  .
  "\""
  .
  (string_content) @_first @injection.content
  [
    (string_content) @injection.content
    (escape) @injection.content
    (string_newline) @injection.content
    "|"
  ]*)
  (#match? @_first "^\\s*(ВЫБРАТЬ|Выбрать|выбрать|SELECT|Select|select|УНИЧТОЖИТЬ|Уничтожить|DROP|Drop)(\\s|$)")
  (#set! injection.language "sdbl"))

((comment) @injection.content
  (#set! injection.language "comment"))
