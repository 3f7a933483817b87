// Made from proto/moby/filesync/v1/filesync.proto by scripts/generate.ts.
import { Packet } from "./fsutil.ts";
import { type Codec, type Method, message } from "../wire/codec.ts";

export interface CredentialsRequest {
  readonly Host: string;
}

export const CredentialsRequest: Codec<CredentialsRequest> = /* @__PURE__ */ message(() => [
  [1, "Host", "text", "plain"],
]);

export interface CredentialsResponse {
  readonly Username: string;
  readonly Secret: string;
}

export const CredentialsResponse: Codec<CredentialsResponse> = /* @__PURE__ */ message(() => [
  [1, "Username", "text", "plain"],
  [2, "Secret", "text", "plain"],
]);

export interface FetchTokenRequest {
  readonly ClientID: string;
  readonly Host: string;
  readonly Realm: string;
  readonly Service: string;
  readonly Scopes: readonly string[];
}

export const FetchTokenRequest: Codec<FetchTokenRequest> = /* @__PURE__ */ message(() => [
  [1, "ClientID", "text", "plain"],
  [2, "Host", "text", "plain"],
  [3, "Realm", "text", "plain"],
  [4, "Service", "text", "plain"],
  [5, "Scopes", "text", "list"],
]);

export interface FetchTokenResponse {
  readonly Token: string;
  readonly ExpiresIn: number;
  readonly IssuedAt: number;
}

export const FetchTokenResponse: Codec<FetchTokenResponse> = /* @__PURE__ */ message(() => [
  [1, "Token", "text", "plain"],
  [2, "ExpiresIn", "integer", "plain"],
  [3, "IssuedAt", "integer", "plain"],
]);

export interface GetTokenAuthorityRequest {
  readonly Host: string;
  readonly Salt: Uint8Array;
}

export const GetTokenAuthorityRequest: Codec<GetTokenAuthorityRequest> = /* @__PURE__ */ message(() => [
  [1, "Host", "text", "plain"],
  [2, "Salt", "bytes", "plain"],
]);

export interface GetTokenAuthorityResponse {
  readonly PublicKey: Uint8Array;
}

export const GetTokenAuthorityResponse: Codec<GetTokenAuthorityResponse> = /* @__PURE__ */ message(() => [
  [1, "PublicKey", "bytes", "plain"],
]);

export interface VerifyTokenAuthorityRequest {
  readonly Host: string;
  readonly Payload: Uint8Array;
  readonly Salt: Uint8Array;
}

export const VerifyTokenAuthorityRequest: Codec<VerifyTokenAuthorityRequest> = /* @__PURE__ */ message(() => [
  [1, "Host", "text", "plain"],
  [2, "Payload", "bytes", "plain"],
  [3, "Salt", "bytes", "plain"],
]);

export interface VerifyTokenAuthorityResponse {
  readonly Signed: Uint8Array;
}

export const VerifyTokenAuthorityResponse: Codec<VerifyTokenAuthorityResponse> = /* @__PURE__ */ message(() => [
  [1, "Signed", "bytes", "plain"],
]);

export interface BytesMessage {
  readonly data: Uint8Array;
}

export const BytesMessage: Codec<BytesMessage> = /* @__PURE__ */ message(() => [
  [1, "data", "bytes", "plain"],
]);

export const Auth = {
  Credentials: { path: "/moby.filesync.v1.Auth/Credentials", request: CredentialsRequest, response: CredentialsResponse } satisfies Method<CredentialsRequest, CredentialsResponse>,
  FetchToken: { path: "/moby.filesync.v1.Auth/FetchToken", request: FetchTokenRequest, response: FetchTokenResponse } satisfies Method<FetchTokenRequest, FetchTokenResponse>,
  GetTokenAuthority: { path: "/moby.filesync.v1.Auth/GetTokenAuthority", request: GetTokenAuthorityRequest, response: GetTokenAuthorityResponse } satisfies Method<GetTokenAuthorityRequest, GetTokenAuthorityResponse>,
  VerifyTokenAuthority: { path: "/moby.filesync.v1.Auth/VerifyTokenAuthority", request: VerifyTokenAuthorityRequest, response: VerifyTokenAuthorityResponse } satisfies Method<VerifyTokenAuthorityRequest, VerifyTokenAuthorityResponse>,
} as const;

export const FileSync = {
  DiffCopy: { path: "/moby.filesync.v1.FileSync/DiffCopy", request: Packet, response: Packet } satisfies Method<Packet, Packet>,
  TarStream: { path: "/moby.filesync.v1.FileSync/TarStream", request: Packet, response: Packet } satisfies Method<Packet, Packet>,
} as const;

export const FileSend = {
  DiffCopy: { path: "/moby.filesync.v1.FileSend/DiffCopy", request: BytesMessage, response: BytesMessage } satisfies Method<BytesMessage, BytesMessage>,
} as const;
