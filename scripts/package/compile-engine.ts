import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/**
 * Compiles main/ file by file to JavaScript modules in `output`, in the same tree: a stack trace names the module one knows, workers are
 * found where they were, and no type has to be stripped at each start. Types and comments stay behind.
 * @returns the packages that the modules import
 */
export function compileEngine(sources: string, output: string): Set<string> {
  const packages = new Set<string>();
  const program = ts.createProgram({
    rootNames: sourcesBelow(sources).map((file) => join(sources, file)),
    options: {
      rootDir: sources,
      outDir: output,
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      rewriteRelativeImportExtensions: true,
      verbatimModuleSyntax: true,
      removeComments: true,
      // Only rewritten, file by file: `npm run typecheck` is for the rest.
      noCheck: true,
      noResolve: true,
      noLib: true,
      types: [],
    },
  });
  const write: ts.WriteFileCallback = (path, javascript) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, javascript);
    for (const name of packagesOf(javascript)) packages.add(name);
  };
  program.emit(undefined, write, undefined, false, { before: [renameWorkers] });
  return packages;
}

function sourcesBelow(folder: string): string[] {
  const sources = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  // AssemblyScript is another language, compiled by build-wasm.ts.
  return sources.filter((file) => !file.split(/[\\/]/).includes('assembly')).sort();
}

/** `new URL('./pool-worker.ts', import.meta.url)` names a module that is compiled too. */
const renameWorkers: ts.TransformerFactory<ts.SourceFile> = (context) => {
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'URL') {
      const [address, base] = node.arguments ?? [];
      if (address !== undefined && base !== undefined && ts.isStringLiteral(address) && isModuleAddress(base)) {
        const renamed = ts.factory.createStringLiteral(address.text.replace(/\.ts$/, '.js'), true);
        return ts.factory.updateNewExpression(node, node.expression, node.typeArguments, [renamed, base]);
      }
    }
    return ts.visitEachChild(node, visit, context);
  };
  return (file) => ts.visitNode(file, visit, ts.isSourceFile);
};

function isModuleAddress(node: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(node) && ts.isMetaProperty(node.expression) && node.name.text === 'url';
}

/** Names of the packages that a module imports, loads or resolves by a literal name. */
export function packagesOf(javascript: string): string[] {
  const file = ts.createSourceFile('module.js', javascript, ts.ScriptTarget.ES2024, true, ts.ScriptKind.JS);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = importedName(node);
    if (name !== undefined && !name.startsWith('.') && !isBuiltin(name)) found.push(packageName(name));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function importedName(node: ts.Node): string | undefined {
  const literal = (candidate: ts.Node | undefined): string | undefined =>
    candidate !== undefined && ts.isStringLiteral(candidate) ? candidate.text : undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return literal(node.moduleSpecifier);
  if (!ts.isCallExpression(node)) return undefined;
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const isResolve = /^import\.meta\.resolve$/.test(node.expression.getText());
  return isImport || isResolve ? literal(node.arguments[0]) : undefined;
}

function packageName(specifier: string): string {
  const [first, second] = specifier.split('/') as [string, string?];
  return first.startsWith('@') ? `${first}/${second}` : first;
}
