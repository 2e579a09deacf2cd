using System.Globalization;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using TaskRes.Core;

namespace TaskRes.Platform.Errors;

/// <summary>
/// Tells a caller whose request is no message of its type that it is the caller's fault. gRPC parses the requests of unary
/// calls before any interceptor, and answers UNKNOWN where that fails; nothing else here does, since every exception behind
/// the interceptors is given a reason.
/// </summary>
internal static class UnparsedRequests
{
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private const string DetailsHeader = "grpc-status-details-bin";

    private static readonly string Unknown = ((int)StatusCode.Unknown).ToString(CultureInfo.InvariantCulture);

    public static TaskResException Error(Exception? inner = null) =>
        new(ErrorReason.InvalidField, "The request is not a message of this call's type: send it with a client of this API's version.", inner);

    public static void UseUnparsedRequests(this WebApplication app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.Features.Get<IServerCallContextFeature>() is null) return;
        RewriteUnknown(context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers);
        // The status is in the headers where nothing was sent before it.
        if (!context.Response.HasStarted) RewriteUnknown(context.Response.Headers);
    });

    private static void RewriteUnknown(IHeaderDictionary? headers)
    {
        if (headers is not null && headers[StatusHeader] == Unknown) Rewrite(headers);
    }

    private static void Rewrite(IHeaderDictionary headers)
    {
        var status = ErrorMapping.ToStatus(Error());
        headers[StatusHeader] = status.Code.ToString(CultureInfo.InvariantCulture);
        headers[MessageHeader] = Uri.EscapeDataString(status.Message);
        headers[DetailsHeader] = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
    }
}
