//! Keys and values of the positions that the model has read. Positions are absolute and keys are stored after their
//! rotation, so cutting the cache back costs nothing and what follows is as if the rest had never been read.

/// Positions that lie together.
pub(crate) const BLOCK: usize = 16;

/// Sizes of one position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Geometry {
    pub(crate) layers: usize,
    pub(crate) kv_heads: usize,
    pub(crate) head_width: usize,
}

impl Geometry {
    /// Width of a value row: whole vectors.
    pub(crate) fn value_width(self) -> usize {
        self.head_width.next_multiple_of(BLOCK)
    }

    /// Floats of one block of one head: keys with the position as the fastest index, then values row by row.
    pub(crate) fn head_floats(self) -> usize {
        BLOCK * (self.head_width + self.value_width())
    }

    pub(crate) fn block_floats(self) -> usize {
        self.kv_heads * self.head_floats()
    }
}

/// What the model remembers of the text so far.
pub struct KvCache {
    geometry: Geometry,
    layers: Vec<Vec<f32>>,
    length: usize,
    capacity: usize,
}

impl KvCache {
    pub(crate) fn new(geometry: Geometry, capacity: usize) -> Self {
        let floats = capacity.div_ceil(BLOCK) * geometry.block_floats();
        let layers = (0..geometry.layers).map(|_| Vec::with_capacity(floats)).collect();
        Self { geometry, layers, length: 0, capacity }
    }

    /// Number of positions read.
    pub fn len(&self) -> usize {
        self.length
    }

    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Number of positions there is room for.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Forgets all but the first `length` positions.
    pub fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    /// Reserved memory.
    pub fn bytes(&self) -> usize {
        self.layers.iter().map(|layer| layer.capacity() * size_of::<f32>()).sum()
    }

    /// A second cache with the same positions, to continue in another way.
    pub fn fork(&self) -> Self {
        let mut fork = Self::new(self.geometry, self.capacity);
        fork.copy_from(self);
        fork
    }

    /// Becomes a copy of `other`, keeping its own memory. Caches of other models are left alone.
    pub fn copy_from(&mut self, other: &Self) {
        if self.geometry != other.geometry {
            return;
        }
        let floats = other.length.div_ceil(BLOCK) * self.geometry.block_floats();
        for (layer, source) in self.layers.iter_mut().zip(&other.layers) {
            layer.clear();
            layer.extend_from_slice(&source[..floats]);
        }
        self.length = other.length;
        self.capacity = self.capacity.max(other.capacity);
    }

    pub(crate) fn geometry(&self) -> Geometry {
        self.geometry
    }

    pub(crate) fn left(&self) -> usize {
        self.capacity - self.length
    }

    /// Makes room for `rows` more positions.
    pub(crate) fn prepare(&mut self, rows: usize) {
        let floats = (self.length + rows).div_ceil(BLOCK) * self.geometry.block_floats();
        for layer in &mut self.layers {
            if layer.len() < floats {
                layer.resize(floats, 0.0);
            }
        }
    }

    /// The prepared positions were written in all layers.
    pub(crate) fn commit(&mut self, rows: usize) {
        self.length += rows;
    }

    pub(crate) fn layer(&self, layer: usize) -> &[f32] {
        self.layers.get(layer).map_or(&[], Vec::as_slice)
    }

    /// Stores what one head has at one position.
    pub(crate) fn write(&mut self, layer: usize, position: usize, head: usize, key: &[f32], value: &[f32]) {
        let geometry = self.geometry;
        let (block, lane) = (position / BLOCK, position % BLOCK);
        let start = (block * geometry.kv_heads + head) * geometry.head_floats();
        let floats = &mut self.layers[layer][start..start + geometry.head_floats()];
        let (keys, values) = floats.split_at_mut(BLOCK * geometry.head_width);
        for (target, value) in keys.iter_mut().skip(lane).step_by(BLOCK).zip(key) {
            *target = *value;
        }
        let start = lane * geometry.value_width();
        values[start..start + value.len()].copy_from_slice(value);
    }
}
