using TaskRes.Cli.Models;
using TaskRes.Clients.Tests.Hub.Support;
using TaskRes.Core;

namespace TaskRes.Clients.Tests.Hub;

public sealed class ModelStoreTests
{
    private const string Name = "openai/clip-small";

    [Fact]
    public async Task Remove_PulledModel_LeavesNothingOfIt()
    {
        await using var server = await HubServer.StartAsync();
        using var home = new PullHome();
        server.AddModel(Name, SmallModels.Bytes(1000));
        await home.PullAsync(server, Name);
        Assert.Equal([(Name, 1000L, new Uri(server.Endpoint, Name))], ModelLibrary.List(home.Folder).Select(model => (model.Name, model.Bytes, model.Source!)));

        home.Store.Remove(Name);

        Assert.Empty(ModelLibrary.List(home.Folder));
        Assert.False(Directory.Exists(Path.Combine(home.Folder, "openai")));
        Assert.Equal(ErrorReason.CheckpointNotFound, Assert.Throws<TaskResException>(() => home.Store.Remove(Name)).Reason);
    }

    [Fact]
    public void Remove_UnfinishedModel_RemovesWhatHasArrived()
    {
        using var home = new PullHome();
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(home.Store.UnfinishedOf(Name)).FullName, "part"), "x");

        home.Store.Remove(Name);

        Assert.False(Directory.Exists(home.Store.UnfinishedOf(Name)));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../outside")]
    [InlineData("/tmp")]
    [InlineData(".")]
    [InlineData(".locks")]
    [InlineData("openai")]
    [InlineData("openai/none")]
    public void Remove_WhatIsNotInTheStore_IsRefused(string name)
    {
        using var home = new PullHome();
        var model = AddModel(home.Store.PathOf(Name));

        Assert.Equal(ErrorReason.CheckpointNotFound, Assert.Throws<TaskResException>(() => home.Store.Remove(name)).Reason);
        Assert.True(File.Exists(model));
    }

    [Fact]
    public void Remove_Links_RemovesThemAndNotWhatTheyLeadTo()
    {
        using var home = new PullHome();
        using var outside = new PullHome();
        var kept = AddModel(Path.Combine(outside.Folder, "model"));
        Directory.CreateSymbolicLink(Path.Combine(home.Folder, "linked"), Path.Combine(outside.Folder, "model"));
        AddModel(Path.Combine(home.Folder, "own"));
        Directory.CreateSymbolicLink(Path.Combine(home.Folder, "own", "inner"), Path.Combine(outside.Folder, "model"));
        Directory.CreateSymbolicLink(Path.Combine(home.Folder, "owner"), outside.Folder);
        Assert.Equal(["linked", "own"], ModelLibrary.List(home.Folder).Select(model => model.Name));

        home.Store.Remove("linked");
        home.Store.Remove("own");
        Assert.Throws<TaskResException>(() => home.Store.Remove("owner/model"));

        Assert.True(File.Exists(kept));
        Assert.Empty(ModelLibrary.List(home.Folder));
    }

    [Fact]
    public void Remove_WhileLocked_IsRefused()
    {
        using var home = new PullHome();
        var model = AddModel(home.Store.PathOf(Name));
        using var held = home.Store.Lock(Name);

        Assert.Equal(ErrorReason.Conflict, Assert.Throws<TaskResException>(() => home.Store.Remove(Name)).Reason);
        Assert.True(File.Exists(model));
    }

    private static string AddModel(string folder)
    {
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, SmallModels.Weights);
        File.WriteAllText(file, "x");
        return file;
    }
}
