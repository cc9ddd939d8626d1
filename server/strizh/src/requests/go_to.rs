//! `textDocument/definition` and its kin: declaration, typeDefinition, implementation.

use ide::{ProjectDocument, Target};
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use crate::lsp::{Converter, Locations, OpenFiles, Snapshot, run_in_project};

pub(crate) async fn definition(params: lsp::DefinitionParams) -> Result<Option<lsp::DefinitionResponse>> {
    let find = |document: ProjectDocument<'_>, offset, files: &OpenFiles<'_>| {
        ide::definition(document, offset, files)
    };
    let places = go("definition", params.text_document_position_params, find).await?;
    Ok(places.map(|places| lsp::DefinitionResponse::Definition(lsp::Definition::LocationList(places))))
}

pub(crate) async fn declaration(params: lsp::DeclarationParams) -> Result<Option<lsp::DeclarationResponse>> {
    let find = |document: ProjectDocument<'_>, offset, files: &OpenFiles<'_>| {
        ide::definition(document, offset, files)
    };
    let places = go("declaration", params.text_document_position_params, find).await?;
    Ok(places.map(|places| lsp::DeclarationResponse::Declaration(lsp::Declaration::LocationList(places))))
}

pub(crate) async fn type_definition(
    params: lsp::TypeDefinitionParams,
) -> Result<Option<lsp::TypeDefinitionResponse>> {
    let find =
        |document: ProjectDocument<'_>, offset, _: &OpenFiles<'_>| ide::type_definition(document, offset);
    let places = go("typeDefinition", params.text_document_position_params, find).await?;
    Ok(places.map(|places| lsp::TypeDefinitionResponse::Definition(lsp::Definition::LocationList(places))))
}

pub(crate) async fn implementation(
    params: lsp::ImplementationParams,
) -> Result<Option<lsp::ImplementationResponse>> {
    let find = |document: ProjectDocument<'_>, offset, files: &OpenFiles<'_>| {
        ide::implementations(document, offset, files)
    };
    let places = go("implementation", params.text_document_position_params, find).await?;
    Ok(places.map(|places| lsp::ImplementationResponse::Definition(lsp::Definition::LocationList(places))))
}

async fn go<F>(
    name: &'static str,
    params: lsp::TextDocumentPositionParams,
    find: F,
) -> Result<Option<Vec<lsp::Location>>>
where
    F: FnOnce(ProjectDocument<'_>, u32, &OpenFiles<'_>) -> Vec<Target> + Send + 'static,
{
    let lsp::TextDocumentPositionParams { text_document, position } = params;
    let uri = text_document.uri.clone();
    run_in_project(name, text_document.uri, move |document, snapshot, _| {
        let offset = Converter::new(document.document, snapshot.session.encoding).offset(position);
        let targets = find(document, offset, &OpenFiles::new(snapshot));
        locations(document, snapshot, &uri, targets)
    })
    .await
}

fn locations(
    document: ProjectDocument<'_>,
    snapshot: &Snapshot,
    uri: &lsp::Uri,
    targets: Vec<Target>,
) -> Vec<lsp::Location> {
    let converter = Converter::new(document.document, snapshot.session.encoding);
    let mut locations = Locations::new(snapshot, document.project);
    let convert = |target: Target| match target {
        Target::Here(range) => Some(lsp::Location { uri: uri.clone(), range: converter.range(range) }),
        Target::There(location) => locations.location(&location),
    };
    targets.into_iter().filter_map(convert).collect()
}
