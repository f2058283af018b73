// What the contract says of each path and method, as types. contract.ts is generated from
// api/openapi.yaml; nothing here repeats it.

import type { components, paths } from "./contract.ts";

export type Schemas = components["schemas"];
export type Method = "get" | "post" | "put" | "patch" | "delete";

// Paths that have an operation of this method: "/v1/orders/{order_id}".
export type PathWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: { responses: unknown } } ? P : never;
}[keyof paths];

type Operation<P extends keyof paths, M extends Method> = M extends keyof paths[P] ? paths[P][M] : never;
type Parameters<O, Where extends string> = O extends { parameters: infer All }
  ? Where extends keyof All ? Exclude<All[Where], undefined> : never
  : never;
type Query<O> = Parameters<O, "query">;
// Of preview, the one thing that changes what is answered, no caller says it here.
type QueryNames<O> = [Query<O>] extends [never] ? never : keyof Query<O>;
type QueryToGive<O> = [Exclude<QueryNames<O>, "preview">] extends [never] ? never : Omit<Query<O>, "preview">;
type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : never;
type BodyOf<O> = O extends { requestBody: infer Body } ? Json<Body> : never;
type OptionalBodyOf<O> = O extends { requestBody?: infer Body } ? Json<Exclude<Body, undefined>> : never;

// A member that is left out where the operation has no such thing, and may be where all in it may.
type Member<Name extends string, T> = [T] extends [never]
  ? { [K in Name]?: never }
  : {} extends T ? { [K in Name]?: T } : { [K in Name]: T };
type BodyMember<O> = [BodyOf<O>] extends [never]
  ? Member<"body", Partial<OptionalBodyOf<O>>>
  : { body: BodyOf<O> };

export interface Extras {
  // The name of this intent; a new one, if left out. Keep it with what you do, so that the same
  // request can be sent again after a crash.
  key?: string;
  // The ETag's version that it depends on: 7 is sent as "7". Or a whole ETag.
  ifMatch?: number | string;
  signal?: AbortSignal;
}
export type Options<P extends keyof paths, M extends Method> = Member<"path", Parameters<Operation<P, M>, "path">> &
  Member<"query", QueryToGive<Operation<P, M>>> &
  BodyMember<Operation<P, M>> &
  Extras;
// Left out where nothing in them is needed.
export type Arguments<P extends keyof paths, M extends Method> = {} extends Options<P, M>
  ? [options?: Options<P, M>]
  : [options: Options<P, M>];

type Success<O> = O extends { responses: infer All }
  ? { [S in keyof All]: S extends 200 | 201 ? Json<All[S]> : S extends 204 ? undefined : never }[keyof All]
  : never;
// What the operation answers; what it would do is preview()'s.
export type Answer<P extends keyof paths, M extends Method> = Exclude<Success<Operation<P, M>>, { object: "preview" }>;
export type Preview = Schemas["Preview"];

export type PathWithPreview = {
  [P in PathWith<"post">]: "preview" extends QueryNames<Operation<P, "post">> ? P : never;
}[PathWith<"post">];

// Paths that answer with a page, and what stands on it.
export type PathWithPages = {
  [P in PathWith<"get">]: Success<Operation<P, "get">> extends { has_more: boolean } ? P : never;
}[PathWith<"get">];
export type Item<P extends PathWithPages> = Success<Operation<P, "get">> extends { data?: infer List }
  ? List extends readonly (infer One)[] ? One : never
  : never;
