using System.Globalization;
using Google.Protobuf;
using TaskRes.Cli.Invocation;
using TaskRes.Cli.Output;

namespace TaskRes.Cli.Tenants;

internal sealed class LimitsVerb() : Verb("limits", "Show all that bounds the tenant's calls.")
{
    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var limits = await client.Tenants.GetLimitsAsync(client.Options.TenantName, cancellationToken);
        call.Screen.Result(
            () => Json.Of(limits),
            console => Tables.Write(console, ["LIMIT", ">VALUE"], Rows(limits.Quotas).Concat(Rows(limits.Service))));
        return ExitCode.Ok;
    }

    // By the names that the API and its errors give them.
    private static IEnumerable<string[]> Rows(IMessage message) => message.Descriptor.Fields.InFieldNumberOrder()
        .Select(field => new[] { field.Name, string.Create(CultureInfo.InvariantCulture, $"{field.Accessor.GetValue(message):N0}") });
}
