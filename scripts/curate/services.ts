/**
 * Ports from 1024 to 32767 that other services are known for, as their default or as what people commonly set: a pool's
 * port among them says nothing. The seven of the article are rows whatever stands here.
 */
const TEXT = `
  1080 SOCKS            1194 OpenVPN          1433 SQL Server       1434 SQL Server       1521 Oracle
  1701 L2TP             1723 PPTP             1812 RADIUS           1813 RADIUS           1883 MQTT
  1900 SSDP             2000 Cisco SCCP       2049 NFS              2082 cPanel           2083 cPanel
  2086 cPanel           2087 cPanel           2095 cPanel           2096 cPanel           2121 FTP
  2181 ZooKeeper        2222 SSH              2323 Telnet           2375 Docker           2376 Docker
  2377 Docker           2379 etcd             2380 etcd             3000 Grafana          3001 web development
  3128 Squid            3260 iSCSI            3268 LDAP             3269 LDAP             3306 MySQL
  3307 MySQL            3389 RDP              3478 STUN             3632 distcc           3690 Subversion
  4000 web development  4040 Spark            4200 Angular          4369 Erlang           4443 HTTPS
  4500 IPsec            4567 Galera           4646 Nomad            4789 VXLAN            5000 web development
  5001 iperf            5004 RTP              5005 RTP              5044 Logstash         5050 Mesos
  5060 SIP              5061 SIP              5173 Vite             5201 iperf            5222 XMPP
  5223 XMPP             5228 Google push      5269 XMPP             5353 mDNS             5355 LLMNR
  5432 PostgreSQL       5433 PostgreSQL       5601 Kibana           5671 AMQP             5672 AMQP
  5683 CoAP             5900 VNC              5901 VNC              5902 VNC              5938 TeamViewer
  5984 CouchDB          5985 WinRM            5986 WinRM            6000 X11              6001 X11
  6060 Go profiles      6343 sFlow            6379 Redis            6443 Kubernetes       6514 syslog
  6660 IRC              6667 IRC              6668 IRC              6669 IRC              6697 IRC
  6881 BitTorrent       7000 Cassandra        7001 WebLogic         7002 WebLogic         7070 AnyDesk
  7443 HTTPS            7474 Neo4j            7680 Windows updates  8000 HTTP             8001 HTTP
  8006 Proxmox          8007 Proxmox          8008 HTTP             8009 AJP
  8010 HTTP             8080 HTTP             8081 HTTP             8082 HTTP             8083 HTTP
  8084 HTTP             8085 HTTP             8086 InfluxDB         8087 HTTP             8088 HTTP
  8089 Splunk           8090 HTTP             8123 ClickHouse       8140 Puppet           8161 ActiveMQ
  8181 HTTP             8200 Vault            8291 MikroTik         8300 Consul           8301 Consul
  8302 Consul           8332 Bitcoin nodes    8333 Bitcoin nodes    8443 HTTPS            8444 HTTPS
  8500 Consul           8530 WSUS             8531 WSUS             8554 RTSP             8834 Nessus
  8883 MQTT             8983 Solr             9000 SonarQube        9001 Tor              9042 Cassandra
  9080 HTTP             9090 Prometheus       9091 Prometheus       9092 Kafka            9093 Prometheus
  9100 printers         9200 Elasticsearch    9300 Elasticsearch    9418 Git              9443 HTTPS
  9993 ZeroTier         10000 Webmin          10001 Ubiquiti        10050 Zabbix          10051 Zabbix
  10250 Kubernetes      11211 Memcached       11434 Ollama          15672 RabbitMQ        20000 Usermin
  25565 Minecraft       27015 Steam           27017 MongoDB         27018 MongoDB         28017 MongoDB
`;

/** By port, the service. */
export const SERVICES: ReadonlyMap<number, string> = new Map(
  [...TEXT.matchAll(/(\d+) (\S+(?: \S+)*)/g)].map(([, port, service = '']) => [Number(port), service]),
);

/** Below, the ports that only root may open and everybody knows; above, those that clients take by chance (Linux). */
const [FIRST, LAST] = [1025, 32_767];

/** Whether a pool's port says anything: it is no other service's, and no client has it by chance. */
export function tells(port: number): boolean {
  return port >= FIRST && port <= LAST && !SERVICES.has(port);
}
