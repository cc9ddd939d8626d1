//! Declarations of a module: methods with their parameters, and variables. Facts hold places in their section; the
//! views `Method`, `Parameter` and `Variable` give places in the module.

use std::ops::Deref;

use base::TextRange;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::facts::place::{Place, Shift};
use crate::shape::Shape;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MethodFact {
    /// As written.
    pub name: SmolStr,
    /// Index of the name in the names of the section.
    pub(crate) name_index: u32,
    pub(crate) place: Place,
    pub(crate) range: TextRange,
    pub(crate) end_line: u32,
    pub(crate) description: TextRange,
    pub is_function: bool,
    pub is_export: bool,
    pub is_async: bool,
    pub directive: ContextDirective,
    /// Without the directive of the context.
    pub(crate) annotations: Box<[AnnotationFact]>,
    pub(crate) parameters: Box<[ParameterFact]>,
    /// The description says so: «Устарела».
    pub is_deprecated: bool,
    /// From the description, else from the code; `Unknown` for procedures.
    pub returns: Shape,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ContextDirective {
    #[default]
    None,
    AtClient,
    AtServer,
    AtServerNoContext,
    AtClientAtServer,
    AtClientAtServerNoContext,
}

/// `&Вместо("Метод")`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnotationFact {
    pub name: SmolStr,
    /// Content of the first argument if it is a literal.
    pub argument: SmolStr,
    /// Of the name.
    pub place: Place,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParameterFact {
    pub name: SmolStr,
    pub(crate) place: Place,
    pub is_by_value: bool,
    /// Text of the default value; `None` if the parameter is required.
    pub default: Option<SmolStr>,
    /// From the description, else from the default value.
    pub shape: Shape,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VariableFact {
    pub name: SmolStr,
    pub(crate) name_index: u32,
    pub(crate) place: Place,
    pub is_export: bool,
    pub directive: ContextDirective,
    pub(crate) description: TextRange,
    /// What its description says.
    pub shape: Shape,
}

/// A method at its place in the module.
#[derive(Clone, Copy, Debug)]
pub struct Method<'a> {
    pub(crate) fact: &'a MethodFact,
    pub(crate) shift: Shift,
}

impl<'a> Method<'a> {
    /// The fact itself, for as long as the facts of the module live.
    pub fn fact(self) -> &'a MethodFact {
        self.fact
    }

    pub fn place(self) -> Place {
        self.shift.place(self.fact.place)
    }

    /// From the first annotation to the closing keyword.
    pub fn range(self) -> TextRange {
        self.shift.range(self.fact.range)
    }

    /// Line of the closing keyword.
    pub fn end_line(self) -> u32 {
        self.fact.end_line.saturating_add(self.shift.line)
    }

    /// The comments above; `None` if there are none. Their text is read from the module when it is shown.
    pub fn description(self) -> Option<TextRange> {
        (!self.fact.description.is_empty()).then(|| self.shift.range(self.fact.description))
    }

    pub fn parameters(self) -> impl ExactSizeIterator<Item = Parameter<'a>> {
        let shift = self.shift;
        self.fact.parameters.iter().map(move |fact| Parameter { fact, shift })
    }

    /// Annotations without the directive of the context, places in the module.
    pub fn annotations(self) -> impl ExactSizeIterator<Item = AnnotationFact> + use<'a> {
        let shift = self.shift;
        self.fact
            .annotations
            .iter()
            .map(move |fact| AnnotationFact { place: shift.place(fact.place), ..fact.clone() })
    }
}

impl Deref for Method<'_> {
    type Target = MethodFact;

    fn deref(&self) -> &MethodFact {
        self.fact
    }
}

/// A parameter at its place in the module.
#[derive(Clone, Copy, Debug)]
pub struct Parameter<'a> {
    pub(crate) fact: &'a ParameterFact,
    pub(crate) shift: Shift,
}

impl<'a> Parameter<'a> {
    pub fn fact(self) -> &'a ParameterFact {
        self.fact
    }

    pub fn place(self) -> Place {
        self.shift.place(self.fact.place)
    }
}

impl Deref for Parameter<'_> {
    type Target = ParameterFact;

    fn deref(&self) -> &ParameterFact {
        self.fact
    }
}

/// A variable of the module at its place.
#[derive(Clone, Copy, Debug)]
pub struct Variable<'a> {
    pub(crate) fact: &'a VariableFact,
    pub(crate) shift: Shift,
}

impl<'a> Variable<'a> {
    pub fn fact(self) -> &'a VariableFact {
        self.fact
    }

    pub fn place(self) -> Place {
        self.shift.place(self.fact.place)
    }

    /// The comments above or behind it; `None` if there are none.
    pub fn description(self) -> Option<TextRange> {
        (!self.fact.description.is_empty()).then(|| self.shift.range(self.fact.description))
    }
}

impl Deref for Variable<'_> {
    type Target = VariableFact;

    fn deref(&self) -> &VariableFact {
        self.fact
    }
}
