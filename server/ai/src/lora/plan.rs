//! What adapters change in a model: found out and checked before anything is written.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::files::gguf::TensorEntry;
use crate::files::{Changes, Checkpoint, ExpectedTensor, FileError, Shape, shown};
use crate::lora::adapter::{Adapter, Layout, Module, elements};

const EMBEDDING: &str = "model.embed_tokens.weight";
const OUTPUT: &str = "lm_head.weight";
/// Rows of an embedding that are looked at once.
const EMBEDDING_ROWS: usize = 1024;

/// The changes of all tensors.
pub struct MergePlan<'a> {
    base: &'a Checkpoint,
    adapters: &'a [Adapter],
    tensors: BTreeMap<String, TensorPlan<'a>>,
    pub summary: PlanSummary,
    /// Of the merged model: its output layer may have come apart from the embedding.
    pub shape: Shape,
}

/// What a merge does, for people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanSummary {
    pub base_parameters: u64,
    pub merged_parameters: u64,
    pub adapter_parameters: u64,
    /// Matrices that get a product of low rank.
    pub matrices: usize,
    /// Tensors that are replaced.
    pub replaced: usize,
    /// The output layer gets weights of its own.
    pub is_untied: bool,
    pub notes: Vec<String>,
}

#[derive(Default)]
struct TensorPlan<'a> {
    whole: Option<(&'a Adapter, &'a TensorEntry)>,
    /// In the order of the adapters.
    steps: Vec<Step>,
}

enum Step {
    Product(Product),
    /// Added to a bias.
    Addition(Vec<f32>),
}

struct Product {
    rank: usize,
    scale: f32,
    /// \[rows, rank\]
    up: Vec<f32>,
    /// \[rank, columns\]
    down: Vec<f32>,
    magnitude: Magnitude,
}

enum Magnitude {
    None,
    /// The length of each row.
    Rows(Vec<f32>),
    /// What each column is multiplied with.
    Columns(Vec<f32>),
}

impl<'a> MergePlan<'a> {
    /// Checks that the adapters fit the model, and reads them. They act one after the other.
    pub fn new(base: &'a Checkpoint, adapters: &'a [Adapter]) -> Result<Self, FileError> {
        let untied = Shape { is_tied: false, ..base.shape };
        let expected: BTreeMap<String, Vec<usize>> =
            untied.tensors().into_iter().map(|tensor| (tensor.name, tensor.shape)).collect();
        for adapter in adapters {
            check(adapter, &expected)?;
        }
        let summary = PlanSummary { base_parameters: base.parameters(), ..PlanSummary::default() };
        let mut plan = Self { base, adapters, tensors: BTreeMap::new(), summary, shape: base.shape };
        for adapter in adapters {
            plan.add(adapter)?;
        }
        plan.shape.is_tied = base.shape.is_tied && !plan.unties();
        let expected = plan.shape.tensors();
        plan.summary.merged_parameters = expected
            .iter()
            .map(|tensor| tensor.shape.iter().map(|&length| length as u64).product::<u64>())
            .sum();
        plan.summary.is_untied = base.shape.is_tied && !plan.shape.is_tied;
        Ok(plan)
    }

    /// Whether embedding and output layer become different: an adapter of one of them means that one only.
    fn unties(&self) -> bool {
        let touches = |adapter: &Adapter, tensor: &str| {
            adapter.whole.contains_key(tensor)
                || tensor.strip_suffix(".weight").is_some_and(|module| adapter.modules.contains_key(module))
        };
        self.adapters.iter().any(|adapter| {
            touches(adapter, OUTPUT) || (touches(adapter, EMBEDDING) && !adapter.ensure_weight_tying)
        })
    }

    fn add(&mut self, adapter: &'a Adapter) -> Result<(), FileError> {
        self.summary.adapter_parameters += adapter.parameters();
        self.summary.matrices += adapter.modules.len();
        self.summary.replaced += adapter.whole.len();
        self.summary.notes.extend(adapter.notes.iter().cloned());
        for (name, tensor) in &adapter.whole {
            let plan = self.tensors.entry(name.clone()).or_default();
            if plan.whole.is_some() || !plan.steps.is_empty() {
                let problem = "an adapter before it changes the same tensor, which would be lost";
                return Err(FileError::in_tensor(&adapter.tensors_path, &tensor.name, problem));
            }
            plan.whole = Some((adapter, tensor));
        }
        for (name, module) in &adapter.modules {
            let tensor = format!("{name}.weight");
            let product = self.product(adapter, module, &tensor)?;
            self.tensors.entry(tensor).or_default().steps.push(Step::Product(product));
            if let Some(bias) = &module.bias {
                let values = adapter.values(bias)?.into_iter().map(|value| value * module.scale).collect();
                self.tensors.entry(format!("{name}.bias")).or_default().steps.push(Step::Addition(values));
            }
        }
        Ok(())
    }

    fn product(&self, adapter: &Adapter, module: &Module, tensor: &str) -> Result<Product, FileError> {
        let (a, b) = (adapter.values(&module.a)?, adapter.values(&module.b)?);
        let [rows, columns] = module.target_shape();
        let (up, down) = match module.layout {
            Layout::Linear => (b, a),
            Layout::Embedding => (transposed(&a, rows), transposed(&b, module.rank)),
            Layout::FlippedEmbedding => (a, transposed(&b, module.rank)),
        };
        let mut product =
            Product { rank: module.rank, scale: module.scale, up, down, magnitude: Magnitude::None };
        if let Some(magnitude) = &module.magnitude {
            let lengths = adapter.values(magnitude)?;
            product.magnitude = match module.layout {
                Layout::Linear => Magnitude::Rows(lengths),
                _ => Magnitude::Columns(self.column_factors(&product, &lengths, tensor, [rows, columns])?),
            };
        }
        Ok(product)
    }

    /// DoRA of an embedding gives a length to each column of the whole matrix.
    fn column_factors(
        &self,
        product: &Product,
        lengths: &[f32],
        tensor: &str,
        [rows, columns]: [usize; 2],
    ) -> Result<Vec<f32>, FileError> {
        let mut weights = self.base.weights()?;
        let mut squares = vec![0f64; columns];
        for first in (0..rows).step_by(EMBEDDING_ROWS) {
            let range = first..(first + EMBEDDING_ROWS).min(rows);
            let mut values = match self.replacement(tensor, range.clone())? {
                Some(values) => values,
                None => weights.rows(self.base.source_of(tensor), range)?,
            };
            for step in self.tensors.get(tensor).map_or(&[][..], |plan| &plan.steps) {
                step.apply(first, columns, &mut values);
            }
            product.apply(first, columns, &mut values);
            for row in values.chunks_exact(columns) {
                squares
                    .iter_mut()
                    .zip(row)
                    .for_each(|(sum, &value)| *sum += f64::from(value) * f64::from(value));
            }
        }
        Ok(lengths
            .iter()
            .zip(squares)
            .map(|(&length, sum)| (f64::from(length) / sum.sqrt()) as f32)
            .collect())
    }

    fn replacement(&self, tensor: &str, rows: Range<usize>) -> Result<Option<Vec<f32>>, FileError> {
        match self.tensors.get(tensor).and_then(|plan| plan.whole) {
            Some((adapter, entry)) => adapter.rows(entry, rows).map(Some),
            None => Ok(None),
        }
    }
}

impl Changes for MergePlan<'_> {
    fn replacement(
        &self,
        tensor: &ExpectedTensor,
        rows: Range<usize>,
    ) -> Result<Option<Vec<f32>>, FileError> {
        Self::replacement(self, &tensor.name, rows)
    }

    fn apply(&self, tensor: &ExpectedTensor, first: usize, values: &mut [f32]) {
        let columns = tensor.shape.last().copied().unwrap_or_default();
        for step in self.tensors.get(&tensor.name).map_or(&[][..], |plan| &plan.steps) {
            step.apply(first, columns, values);
        }
    }
}

impl Step {
    /// `values` are whole rows from row `first` on.
    fn apply(&self, first: usize, columns: usize, values: &mut [f32]) {
        match self {
            Self::Product(product) => product.apply(first, columns, values),
            Self::Addition(bias) => values.iter_mut().zip(bias).for_each(|(value, &added)| *value += added),
        }
    }
}

impl Product {
    fn apply(&self, first: usize, columns: usize, values: &mut [f32]) {
        let mut sum = vec![0f32; columns];
        let coefficients = self.up.chunks_exact(self.rank).skip(first);
        for (index, (row, coefficients)) in values.chunks_exact_mut(columns).zip(coefficients).enumerate() {
            sum.fill(0.0);
            for (&coefficient, down) in coefficients.iter().zip(self.down.chunks_exact(columns)) {
                sum.iter_mut().zip(down).for_each(|(sum, &value)| *sum += coefficient * value);
            }
            row.iter_mut().zip(&sum).for_each(|(value, &added)| *value += self.scale * added);
            match &self.magnitude {
                Magnitude::None => {}
                Magnitude::Rows(lengths) => {
                    let squares: f64 = row.iter().map(|&value| f64::from(value) * f64::from(value)).sum();
                    let length = lengths.get(first + index).copied().unwrap_or_default();
                    let factor = (f64::from(length) / squares.sqrt()) as f32;
                    row.iter_mut().for_each(|value| *value *= factor);
                }
                Magnitude::Columns(factors) => {
                    row.iter_mut().zip(factors).for_each(|(value, &factor)| *value *= factor);
                }
            }
        }
    }
}

/// Every tensor has a place in the model and fits it.
fn check(adapter: &Adapter, expected: &BTreeMap<String, Vec<usize>>) -> Result<(), FileError> {
    let path = &adapter.tensors_path;
    if adapter.modules.is_empty() && adapter.whole.is_empty() {
        return Err(FileError::new(path, "the adapter is empty"));
    }
    let modules = adapter.modules.keys().filter(|name| !expected.contains_key(&format!("{name}.weight")));
    let whole = adapter.whole.keys().filter(|name| !expected.contains_key(*name));
    let homeless: Vec<String> = modules.chain(whole).map(|name| format!("`{}`", shown(name))).collect();
    if !homeless.is_empty() {
        let more = match homeless.len().saturating_sub(5) {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        let names = homeless.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
        return Err(FileError::new(path, format_args!("the model has no place for {names}{more}")));
    }
    for (name, tensor) in &adapter.whole {
        if expected.get(name) != Some(&tensor.shape) {
            let wanted = expected.get(name).map(Vec::as_slice).unwrap_or_default();
            let problem = format_args!("its shape is {:?}, the model has {wanted:?}", tensor.shape);
            return Err(FileError::in_tensor(path, &tensor.name, problem));
        }
    }
    for (name, module) in &adapter.modules {
        let refuse = |problem: String| FileError::new(path, format_args!("module `{name}`: {problem}"));
        check_module(name, module, expected).map_err(refuse)?;
    }
    Ok(())
}

fn check_module(name: &str, module: &Module, expected: &BTreeMap<String, Vec<usize>>) -> Result<(), String> {
    let wanted = expected.get(&format!("{name}.weight")).map(Vec::as_slice).unwrap_or_default();
    let [rows, columns] = module.target_shape();
    if wanted != [rows, columns] {
        return Err(format!("its product has the shape {:?}, the model has {wanted:?}", [rows, columns]));
    }
    let is_embedding = name == "model.embed_tokens";
    if is_embedding != (module.layout != Layout::Linear) {
        return Err("matrices of an embedding and of a layer are mixed up".to_owned());
    }
    if let Some(magnitude) = &module.magnitude {
        let length = if is_embedding { columns } else { rows };
        if elements(magnitude) != length as u64 {
            return Err(format!(
                "its magnitude has the shape {:?}, the model needs [{length}]",
                magnitude.shape
            ));
        }
    }
    if let Some(bias) = &module.bias {
        match expected.get(&format!("{name}.bias")) {
            None => return Err("B has a bias, but this layer of qwen2 has none".to_owned()),
            Some(wanted) if *wanted != bias.shape => {
                return Err(format!(
                    "the bias of B has the shape {:?}, the model needs {wanted:?}",
                    bias.shape
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// `values` have rows of `width` numbers.
fn transposed(values: &[f32], width: usize) -> Vec<f32> {
    let mut result = Vec::with_capacity(values.len());
    for column in 0..width {
        result.extend(values.iter().skip(column).step_by(width.max(1)));
    }
    result
}
