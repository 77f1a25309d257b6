import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker';
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker';
import GraphqlWorker from 'monaco-graphql/esm/graphql.worker.js?worker';

/** Tells the editor where its workers are: files of this server, so that the policy needs no `blob:`. */
export function setUpWorkers(): void {
  const environment = {
    getWorker(_id: string, label: string) {
      if (label === 'json') return new JsonWorker();
      return label === 'graphql' ? new GraphqlWorker() : new EditorWorker();
    },
  };
  Object.assign(globalThis, { MonacoEnvironment: environment });
}
