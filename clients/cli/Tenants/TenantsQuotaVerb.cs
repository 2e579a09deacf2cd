using System.CommandLine;
using Google.Protobuf.Reflection;
using TaskRes.Cli.Invocation;
using TaskRes.V1;

namespace TaskRes.Cli.Tenants;

/// <summary>One option for each quota of the API, by its name.</summary>
internal sealed class TenantsQuotaVerb : Verb
{
    private readonly Argument<string> _tenant = new("TENANT") { Description = "The tenant's id." };
    private readonly Option<bool> _reset = new("--reset") { Description = "Begin with the service's defaults rather than with what was set before." };
    private readonly (FieldDescriptor Field, Option<int?> Option)[] _quotas = [.. TenantQuotas.Descriptor.Fields.InFieldNumberOrder().Select(field => (field, Of(field)))];

    public TenantsQuotaVerb()
        : base("quota", "Set what a tenant may use; what is not given stays. Takes the operator's key.")
    {
        Add(_tenant);
        Add(_reset);
        foreach (var (_, option) in _quotas) Add(option);
    }

    protected override async Task<int> RunAsync(VerbCall call, CancellationToken cancellationToken)
    {
        using var client = call.Connect();
        var name = VerbCall.TenantNameOf(call.Value(_tenant));
        var quotas = call.Value(_reset) ? new TenantQuotas() : (await client.Tenants.GetAsync(name, cancellationToken)).Quotas;
        foreach (var (field, option) in _quotas)
            if (call.Value(option) is { } value) field.Accessor.SetValue(quotas, value);
        TenantView.Show(call.Screen, await client.Tenants.UpdateQuotasAsync(name, quotas, cancellationToken));
        return ExitCode.Ok;
    }

    private static Option<int?> Of(FieldDescriptor field) =>
        NumberOption.Whole($"--{field.Name.Replace('_', '-')}", $"The quota of {field.Name.Replace('_', ' ')}.", least: 1);
}
