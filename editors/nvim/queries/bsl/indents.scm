; Captures of nvim-treesitter.

[
  (procedure_definition)
  (function_definition)
  (if_statement)
  (while_statement)
  (for_statement)
  (for_each_statement)
  (try_statement)
] @indent.begin

[(arguments) (parameters) (parenthesized_expression)] @indent.begin

["endprocedure" "endfunction" "endif" "enddo" "endtry"] @indent.branch @indent.end
["elsif" "else" "except" ")"] @indent.branch

; Lines of a string and directives stay where they are.
(string) @indent.auto
(deleted_text) @indent.ignore
[
  (preproc_if)
  (preproc_elsif)
  (preproc_else)
  (preproc_endif)
] @indent.zero
