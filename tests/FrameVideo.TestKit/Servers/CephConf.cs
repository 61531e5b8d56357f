namespace FrameVideo.TestKit.Servers;

/// <summary>The smallest Ceph: one monitor, one store in memory, one gateway, all on loopback, no authentication among themselves, and no waiting.</summary>
internal static class CephConf
{
    /// <summary>The text of ceph.conf.</summary>
    /// <param name="folder">Short: it holds sockets.</param>
    /// <param name="cluster">A fresh UUID.</param>
    /// <param name="monitor">The monitor's port.</param>
    /// <param name="gateway">The gateway's port.</param>
    public static string Text(string folder, string cluster, int monitor, int gateway)
    {
        var store = Ports.Free();
        return $"""
            [global]
            fsid = {cluster}
            mon host = v2:127.0.0.1:{monitor}/0
            mon initial members = a
            public addr = 127.0.0.1
            cluster addr = 127.0.0.1
            public network = 127.0.0.0/8
            ms bind msgr1 = false
            ms bind ipv6 = false
            ms bind port min = {Math.Min(store, 65000)}
            ms bind port max = {Math.Min(store, 65000) + 200}
            auth cluster required = none
            auth service required = none
            auth client required = none
            mon data = {folder}/mon
            osd data = {folder}/osd
            run dir = {folder}/run
            crash dir = {folder}/run
            pid file = {folder}/run/$type.$id.pid
            admin socket = {folder}/run/$type.$id.asok
            log file = {folder}/log/$type.$id.log
            mon cluster log file = {folder}/log/cluster.log
            osd objectstore = memstore
            memstore device bytes = 8589934592
            osd pool default size = 1
            osd pool default min size = 1
            osd pool default pg num = 1
            osd pool default pgp num = 1
            osd crush chooseleaf type = 0
            mon allow pool size one = true
            mon max pg per osd = 1000
            osd class load list = *
            osd class default list = *
            paxos propose interval = 0.05
            mon client hunt interval = 0.3
            objecter tick interval = 0.5
            osd client watch timeout = 1
            [client.rgw]
            rgw data = {folder}/rgw
            rgw frontends = beast endpoint=127.0.0.1:{gateway} tcp_nodelay=1
            ms mon client mode = crc
            rgw rados pool pg num min = 1
            rgw thread pool size = 32
            rgw gc obj min wait = 5
            rgw gc processor period = 5
            rgw run sync thread = false

            """;
    }
}
