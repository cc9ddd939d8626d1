; Regions are pairs of extras without a common parent: the language server folds them.

[
  (procedure_definition)
  (function_definition)
  (if_statement)
  (elsif_clause)
  (else_clause)
  (while_statement)
  (for_statement)
  (for_each_statement)
  (try_statement)
  (except_clause)
  (arguments)
  (string)
  (preproc_delete)
] @fold
