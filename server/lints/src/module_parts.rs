//! Code of a module outside its methods: what stands before the first of them and after the last.

use base::TextRange;

use crate::facts::ModuleFacts;
use crate::statements::is_instruction;

/// Statements before the first method, with directive lines between and behind them.
pub(crate) fn block_before_methods(facts: &ModuleFacts<'_>) -> Option<TextRange> {
    let end = first_method(facts)?.start;
    let statements = facts.statements().map(|statement| statement.range);
    let block = statements.take_while(|range| range.end <= end).reduce(TextRange::cover)?;
    let directives = directives(facts).filter(|range| range.start >= block.start && range.end <= end);
    Some(directives.fold(block, TextRange::cover))
}

/// Statements and directive lines after the last method; without methods, all from the first statement.
pub(crate) fn module_body(facts: &ModuleFacts<'_>) -> Option<TextRange> {
    let start = facts.methods().map(|(offset, method)| method.range.shifted(offset).end).max();
    let statements = facts.statements().map(|statement| statement.range);
    let mut statements = statements.filter(|range| start.is_none_or(|start| range.start >= start));
    let first = statements.next();
    let start = start.or(first.map(|range| range.start))?;
    let block = statements.fold(first, |block, range| Some(block?.cover(range)));
    let directives = directives(facts).filter(|range| range.start >= start);
    directives.fold(block, |block, range| Some(block.map_or(range, |block| block.cover(range))))
}

fn first_method(facts: &ModuleFacts<'_>) -> Option<TextRange> {
    facts.methods().next().map(|(offset, method)| method.range.shifted(offset))
}

fn directives(facts: &ModuleFacts<'_>) -> impl Iterator<Item = TextRange> {
    facts.directives().filter(|directive| is_instruction(directive.kind)).map(|directive| directive.range)
}
