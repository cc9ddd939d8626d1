//! Event subscriptions: handlers in common modules.

use metadata::{Details, MetaType, Metadata, ObjectAspect, ObjectKind, RootId};

use crate::failure::Outcome;
use crate::infobase::World;
use crate::infobase::entity::Entity;
use crate::machine::Machine;
use crate::name::Name;
use crate::object::Object;
use crate::value::Value;

pub(crate) struct Subscription {
    entities: Vec<usize>,
    /// In English.
    event: String,
    module: Name,
    method: Name,
}

impl Subscription {
    pub(crate) fn read(
        metadata: &Metadata,
        root: RootId,
        number_of: &dyn Fn(ObjectKind, &str) -> Option<usize>,
    ) -> Vec<Self> {
        let ids = metadata.of_kind(root, ObjectKind::EventSubscription).into_iter();
        let objects = ids.filter_map(|id| metadata.object(id));
        objects
            .filter_map(|object| {
                let Details::EventSubscription { source, event, handler, .. } = &object.details else {
                    return None;
                };
                let (path, method) = handler.rsplit_once('.')?;
                let module = path.rsplit('.').next()?;
                let entities = metadata
                    .expand(root, source)
                    .into_iter()
                    .filter_map(|meta_type| match meta_type {
                        MetaType::Object {
                            kind,
                            aspect: ObjectAspect::Object | ObjectAspect::RecordSet,
                            name,
                        } => number_of(kind, &name),
                        _ => None,
                    })
                    .collect();
                Some(Self {
                    entities,
                    event: event.to_string(),
                    module: Name::new(module),
                    method: Name::new(method),
                })
            })
            .collect()
    }
}

impl World {
    /// Calls the subscribed handlers; they get the object before the arguments of the event.
    pub(crate) fn subscriptions(
        &self,
        machine: &mut Machine,
        entity: &Entity,
        event: [&str; 2],
        this: &Value,
        arguments: &[Value],
    ) -> Outcome<()> {
        let is_meant = |subscription: &&Subscription| {
            subscription.entities.contains(&entity.index)
                && event.iter().any(|name| base::same_name(name, &subscription.event))
        };
        for subscription in self.subscriptions.iter().filter(is_meant) {
            let Some(module) = self.common_modules.iter().find(|module| module.name == subscription.module)
            else {
                continue;
            };
            let Some(instance) = module.instance(machine)? else { continue };
            let mut given = vec![this.clone()];
            given.extend(arguments.iter().cloned());
            machine.call(&instance, &subscription.method.shown, given)?;
        }
        Ok(())
    }
}
