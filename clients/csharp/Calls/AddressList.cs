using Grpc.Net.Client.Balancer;

namespace TaskRes.Client.Calls;

/// <summary>Lets a channel resolve <c>static:///host:port,host:port</c>.</summary>
internal sealed class AddressList : IServiceProvider
{
    private readonly ResolverFactory[] _factories = [new StaticResolverFactory(Addresses)];

    public object? GetService(Type serviceType) => serviceType == typeof(IEnumerable<ResolverFactory>) ? _factories : null;

    private static IEnumerable<BalancerAddress> Addresses(Uri list) =>
        list.AbsolutePath.Trim('/').Split(',').Select(address => new Uri($"http://{address}")).Select(address => new BalancerAddress(address.Host, address.Port));
}
